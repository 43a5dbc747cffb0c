// An address that names nothing.

import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Note } from "./ui/Note.tsx";

export function NotFound(): ReactNode {
  const home = <Button renderRoot={(props) => <Link to="/" {...props} />}>All users</Button>;
  return (
    <Note action={home} isPage title="There is nothing at this address.">
      It may have been typed or cut off wrongly.
    </Note>
  );
}
