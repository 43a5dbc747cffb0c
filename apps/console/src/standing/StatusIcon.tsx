// Each of the seven statuses as a shape of its own, so that colour is never alone.

import type { EncryptionStatus } from "@lockstep/core";
import type { ReactNode } from "react";

const cut = {
  fill: "none",
  stroke: "var(--raised)",
  strokeLinecap: "round",
  strokeLinejoin: "round",
  strokeWidth: 1.8,
} as const;
const line = { fill: "none", stroke: "currentColor", strokeWidth: 2 } as const;

const shapes: Record<EncryptionStatus, ReactNode> = {
  // An empty ring: nothing held.
  unlicensed: <circle cx="8" cy="8" r="5.75" {...line} />,
  // A diamond with a cross: the link is gone.
  orphaned: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8Z" fill="currentColor" strokeLinejoin="round" />
      <path d="m6 6 4 4m0-4-4 4" {...cut} />
    </>
  ),
  // Half full: the licence is there, the workstation is not.
  licensed: (
    <>
      <circle cx="8" cy="8" r="5.75" {...line} />
      <path d="M8 3.5a4.5 4.5 0 0 1 0 9Z" fill="currentColor" />
    </>
  ),
  // A triangle that calls.
  "update-required": (
    <>
      <path
        d="M8 2 14.6 13.4H1.4Z"
        fill="currentColor"
        stroke="currentColor"
        strokeLinejoin="round"
        strokeWidth="2"
      />
      <path d="M8 6v3.4M8 11.9v.1" {...cut} />
    </>
  ),
  // A clock.
  "update-pending": (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor" />
      <path d="M8 4.6V8l2.4 1.6" {...cut} />
    </>
  ),
  // A square with a plus.
  "additional-keys": (
    <>
      <rect fill="currentColor" height="13.4" rx="3.4" width="13.4" x="1.3" y="1.3" />
      <path d="M8 5v6M5 8h6" {...cut} />
    </>
  ),
  // A full circle with a tick.
  active: (
    <>
      <circle cx="8" cy="8" fill="currentColor" r="7" />
      <path d="m5 8.3 2.1 2.1L11 6.2" {...cut} />
    </>
  ),
};

interface StatusIconProps {
  readonly status: EncryptionStatus;
  readonly size?: number;
}

export function StatusIcon({ status, size = 14 }: StatusIconProps): ReactNode {
  return (
    <svg
      aria-hidden="true"
      data-encryption={status}
      height={size}
      style={{ color: "var(--mark)", flex: "none" }}
      viewBox="0 0 16 16"
      width={size}
    >
      {shapes[status]}
    </svg>
  );
}
