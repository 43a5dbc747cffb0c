// Adding a licence: what it is called, how many seats it has, and which days it covers.

import { licences, type Licence } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { NameField } from "../ui/NameField.tsx";
import { DayField } from "./DayField.tsx";
import { SeatsField } from "./SeatsField.tsx";
import { termWords } from "./words.ts";
import styles from "./licences.module.css";

type Term = Licence["term"];
const terms = Object.entries(termWords).map(([value, label]) => ({ value: value as Term, label }));

const termOf = (text: string): Term => terms.find(({ value }) => value === text)?.value ?? "subscription";

interface AddLicenceDialogProps {
  readonly organisationId: OrganisationId;
  readonly onClose: () => void;
}

const today = (): string => new Date().toISOString().slice(0, 10);

/** The day before the same day of the next year. */
function yearFrom(day: string): string {
  const end = new Date(day);
  end.setUTCFullYear(end.getUTCFullYear() + 1);
  end.setUTCDate(end.getUTCDate() - 1);
  return end.toISOString().slice(0, 10);
}

export function AddLicenceDialog({ organisationId, onClose }: AddLicenceDialogProps): ReactNode {
  const [productId, setProductId] = useState("");
  const [edition, setEdition] = useState("Standard");
  const [term, setTerm] = useState<Term>("subscription");
  const [seats, setSeats] = useState("100");
  const [validFrom, setValidFrom] = useState(today);
  const [validUntil, setValidUntil] = useState(() => yearFrom(today()));
  const idempotencyKey = useIdempotencyKey();
  const days = { validFrom, validUntil: validUntil === "" ? null : validUntil };
  const add = useChange(organisationId, () =>
    call(licences.addLicence, {
      params: { organisationId },
      body: { productId, edition, term, seats: Number(seats), ...days },
      idempotencyKey,
    }),
  );
  return (
    <FormDialog
      action="Add the licence"
      change={add}
      onClose={onClose}
      onSubmit={(close) => add.mutate(undefined, { onSuccess: close })}
      title="Add a licence"
    >
      <NameField
        description="The number or name on the order."
        label="Product"
        onChange={setProductId}
        value={productId}
      />
      <NameField label="Edition" onChange={setEdition} value={edition} />
      <div className={styles.pair}>
        <NativeSelect
          data={terms}
          label="Term"
          onChange={({ currentTarget }) => setTerm(termOf(currentTarget.value))}
          value={term}
        />
        <SeatsField onChange={setSeats} value={seats} />
      </div>
      <div className={styles.pair}>
        <DayField label="First day" onChange={setValidFrom} required value={validFrom} />
        <DayField
          description={term === "perpetual" ? "Left empty it never ends." : undefined}
          label="Last day"
          min={validFrom}
          onChange={setValidUntil}
          required={term !== "perpetual"}
          value={validUntil}
        />
      </div>
    </FormDialog>
  );
}
