// Which versions of which keys a workstation was ever sent: what somebody who has it may be able to read.

import type { Exposure } from "@lockstep/api";
import type { OrganisationId, WorkstationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { exposureQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import styles from "./machines.module.css";

interface ExposureSectionProps {
  readonly organisationId: OrganisationId;
  readonly workstationId: WorkstationId;
}

export function ExposureSection({ organisationId, workstationId }: ExposureSectionProps): ReactNode {
  const mayRead = useRights()("read-keys").allowed;
  const query = useQuery({ ...exposureQuery(organisationId, workstationId), enabled: mayRead });
  if (!mayRead) return null;
  const keys = (
    <Link className={ui.link} params={{ organisationId }} to="/organisations/$organisationId/keys">
      Keys
    </Link>
  );
  return (
    <Section aside={keys} title="Keys it was sent">
      <Loaded query={query} skeleton={<Skeleton height={80} />}>
        {(exposure) => (
          <div className={styles.inset}>
            <ExposureList exposure={exposure} />
          </div>
        )}
      </Loaded>
    </Section>
  );
}

export function ExposureList({ exposure: { exposed } }: { readonly exposure: Exposure }): ReactNode {
  if (exposed.length === 0) return <p className={styles.quiet}>It was never sent a key.</p>;
  return (
    <ul aria-label="Keys it was sent" className={styles.exposure}>
      {exposed.map(({ key, version, from, isInUse }) => (
        <li key={`${key.id} ${version}`}>
          <span>
            <strong>{key.name}</strong> version {version}
            <span className={styles.quiet}>
              {" since "}
              <Moment at={from} isAbsolute />
            </span>
          </span>
          <span className={styles.use} data-used={isInUse}>
            {isInUse ? "encrypts new files" : "opens older files only"}
          </span>
        </li>
      ))}
    </ul>
  );
}
