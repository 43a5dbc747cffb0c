// Trees as lists say them: each node below its parent, further in.

interface Node {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
}

/** Every node after the one above it, by name, and how many there are above it. */
export function inTreeOrder<Each extends Node>(
  all: readonly Each[],
): { readonly node: Each; readonly depth: number }[] {
  const below = Map.groupBy(all, ({ parentId }) => parentId);
  const walk = (parentId: string | null, depth: number): { node: Each; depth: number }[] =>
    (below.get(parentId) ?? [])
      .toSorted((one, other) => one.name.localeCompare(other.name, "en"))
      .flatMap((node) => [{ node, depth }, ...walk(node.id, depth + 1)]);
  return walk(null, 0);
}

/** A name as far in as its node is. */
export function indented({ node, depth }: { readonly node: Node; readonly depth: number }): string {
  return "  ".repeat(depth) + node.name;
}
