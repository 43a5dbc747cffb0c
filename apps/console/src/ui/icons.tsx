// The few icons of the console that are not statuses. All are decoration: what they stand beside has the words.

import type { ReactNode } from "react";

function Stroke({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      fill="none"
      height="16"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth="1.5"
      viewBox="0 0 16 16"
      width="16"
    >
      {children}
    </svg>
  );
}

export const SearchIcon = () => (
  <Stroke>
    <circle cx="7" cy="7" r="4.25" />
    <path d="m10.25 10.25 3.25 3.25" />
  </Stroke>
);

export const SunIcon = () => (
  <Stroke>
    <circle cx="8" cy="8" r="2.75" />
    <path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7" />
  </Stroke>
);

export const MoonIcon = () => (
  <Stroke>
    <path d="M13.25 9.6A5.5 5.5 0 0 1 6.4 2.75a5.5 5.5 0 1 0 6.85 6.85Z" />
  </Stroke>
);

export const ScreenIcon = () => (
  <Stroke>
    <rect height="8.5" rx="1.5" width="12" x="2" y="2.75" />
    <path d="M5.5 13.75h5M8 11.25v2.5" />
  </Stroke>
);

export const ChevronIcon = () => (
  <Stroke>
    <path d="m6 3.5 4.5 4.5L6 12.5" />
  </Stroke>
);

export const ArrowIcon = () => (
  <Stroke>
    <path d="M3 8h10M9 4l4 4-4 4" />
  </Stroke>
);

export const CheckIcon = () => (
  <Stroke>
    <path d="m3.5 8.5 3 3 6-7" />
  </Stroke>
);

export const CrossIcon = () => (
  <Stroke>
    <path d="m4.5 4.5 7 7m0-7-7 7" />
  </Stroke>
);

export const UndoIcon = () => (
  <Stroke>
    <path d="M5.5 3 2.75 5.75 5.5 8.5" />
    <path d="M3 5.75h6.25a3.75 3.75 0 0 1 0 7.5H6" />
  </Stroke>
);

export const TeamIcon = () => (
  <Stroke>
    <rect height="3.5" rx="0.9" width="5" x="5.5" y="2" />
    <rect height="3.5" rx="0.9" width="5" x="1.5" y="10.5" />
    <rect height="3.5" rx="0.9" width="5" x="9.5" y="10.5" />
    <path d="M8 5.5V8M4 10.5V8h8v2.5" />
  </Stroke>
);

export const ClockIcon = () => (
  <Stroke>
    <circle cx="8" cy="8" r="5.75" />
    <path d="M8 4.75V8l2.25 1.5" />
  </Stroke>
);

export const PauseIcon = () => (
  <Stroke>
    <path d="M5.75 3.5v9M10.25 3.5v9" />
  </Stroke>
);

export const EyeIcon = ({ isCrossed }: { readonly isCrossed: boolean }) => (
  <Stroke>
    <path d="M1.5 8S4 3.75 8 3.75 14.5 8 14.5 8 12 12.25 8 12.25 1.5 8 1.5 8Z" />
    <circle cx="8" cy="8" r="1.9" />
    {isCrossed && <path d="m2.75 13.25 10.5-10.5" />}
  </Stroke>
);

export const PlusIcon = () => (
  <Stroke>
    <path d="M8 3.25v9.5M3.25 8h9.5" />
  </Stroke>
);

export const KeyIcon = () => (
  <Stroke>
    <circle cx="5.25" cy="10.75" r="2.75" />
    <path d="m7.25 8.75 5.5-5.5M10.5 5.5l2 2" />
  </Stroke>
);

export const CopyIcon = () => (
  <Stroke>
    <rect height="8.5" rx="1.5" width="8.5" x="5.25" y="5.25" />
    <path d="M10.75 5.25v-1.5a1.5 1.5 0 0 0-1.5-1.5h-5.5a1.5 1.5 0 0 0-1.5 1.5v5.5a1.5 1.5 0 0 0 1.5 1.5h1.5" />
  </Stroke>
);

export const FileIcon = () => (
  <Stroke>
    <path d="M9 1.75H4.5A1.25 1.25 0 0 0 3.25 3v10a1.25 1.25 0 0 0 1.25 1.25h7A1.25 1.25 0 0 0 12.75 13V5.5Z" />
    <path d="M9 1.75V5.5h3.75M8 12V8.25M6.25 9.75 8 8l1.75 1.75" />
  </Stroke>
);
