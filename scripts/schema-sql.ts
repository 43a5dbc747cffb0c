// apps/server/schema.sql: the whole schema as the catalogues of a migrated database tell it. Reviewers read it
// instead of the migrations.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { Database } from "../apps/server/src/db/database.ts";
import { startEmbeddedPostgres } from "../apps/server/src/db/embedded.ts";
import { migrate } from "../apps/server/src/db/migrate.ts";
import { sql } from "../apps/server/src/db/sql.ts";

const line = z.object({ line: z.string() });

/** The lines of one table's part, in the order of the file. */
const parts = {
  columns: `select '  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when c.collname is null or c.collname = 'default' then '' else ' collate "' || c.collname || '"' end
      || case when a.attgenerated = 's' then ' generated always as ' || pg_get_expr(d.adbin, d.adrelid) || ' stored'
        when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
      || case when a.attnotnull then ' not null' else '' end as line
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_collation c on c.oid = a.attcollation
    where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  constraints: `select '  constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) as line
    from pg_constraint where conrelid = $1::regclass and contype <> 'n' order by contype <> 'p', conname`,
  indexes: `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i
    where i.indrelid = $1::regclass
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
    order by i.indexrelid::regclass::text`,
  comments: `select 'comment on table ' || $1::regclass || ' is ' || quote_literal(obj_description($1::regclass)) || ';' as line
    union all
    select 'comment on column ' || $1::regclass || '.' || quote_ident(a.attname) || ' is '
      || quote_literal(col_description($1::regclass, a.attnum)) || ';'
    from pg_attribute a where a.attrelid = $1::regclass and col_description(a.attrelid, a.attnum) is not null`,
};

export async function schemaSql(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-schema-"));
  const postgres = await startEmbeddedPostgres({ folder, durability: "throw-away" });
  const database = new Database(postgres.connection);
  try {
    await migrate(database);
    return await describe(database);
  } finally {
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function describe(database: Database): Promise<string> {
  return database.snapshot(async (snapshot) => {
    const read = async (text: string, table: string) => {
      const rows = await snapshot.rows(line, sql.raw(text.replaceAll("$1", `'${table}'`)));
      return rows.map((row) => row.line);
    };
    const tables = await snapshot.rows(
      line,
      sql`select relname as line from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%' order by relname`,
    );
    const texts = [
      "-- Written by `npm run gen` from the catalogues of a migrated database. Not run by anything.",
    ];
    for (const { line: table } of tables) {
      const inside = [...(await read(parts.columns, table)), ...(await read(parts.constraints, table))];
      const after = [...(await read(parts.indexes, table)), ...(await read(parts.comments, table))];
      texts.push([`create table ${table} (`, inside.join(",\n"), ");", ...after].join("\n"));
    }
    return `${texts.join("\n\n")}\n`;
  });
}
