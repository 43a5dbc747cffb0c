// A text to point a camera at: black on white in both schemes, because cameras expect it.

import { useMemo, type ReactNode } from "react";
import { encode } from "uqr";

import styles from "./ui.module.css";

interface QrCodeProps {
  readonly label: string;
  readonly text: string;
}

/** Modules of light around it (ISO/IEC 18004). */
const quietZone = 4;

export function QrCode({ label, text }: QrCodeProps): ReactNode {
  const { size, dark } = useMemo(() => modulesOf(text), [text]);
  return (
    <svg
      aria-label={label}
      className={styles.qrCode}
      role="img"
      shapeRendering="crispEdges"
      viewBox={`0 0 ${size} ${size}`}
    >
      <rect fill="#ffffff" height={size} width={size} />
      <path d={dark} fill="#000000" />
    </svg>
  );
}

function modulesOf(text: string): { readonly size: number; readonly dark: string } {
  const { data } = encode(text, { ecc: "M", border: quietZone });
  const dark = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size: data.length, dark };
}
