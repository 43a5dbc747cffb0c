// The texts of a form's fields, by name.

import { useState } from "react";

interface Typed {
  readonly currentTarget: { readonly value: string };
}

export function useFields<Name extends string>(empty: Readonly<Record<Name, string>>) {
  const [values, setValues] = useState(empty);
  /** What a field of this name needs. */
  const field = (name: Name) => ({
    name,
    value: values[name],
    required: true,
    onChange: ({ currentTarget: { value } }: Typed) => setValues((former) => ({ ...former, [name]: value })),
  });
  return { values, field, clear: () => setValues(empty), isClear: values === empty };
}
