import { type SubmitEvent, useId, useState } from "react";

import type { Problem } from "@/shared/api/problem";
import { S } from "@/shared/strings";

import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { ProblemNote } from "./ProblemNote";
import { TextInput } from "./inputs";

interface Props {
  readonly title: string;
  readonly label: string;
  readonly initial: string;
  readonly confirm: string;
  readonly busy?: boolean;
  readonly problem?: Problem | undefined;
  readonly onConfirm: (name: string) => void;
  readonly onClose: () => void;
}

/** Ask for a name. */
export function NameDialog({ title, label, initial, confirm, busy = false, problem, onConfirm, onClose }: Props) {
  const [name, setName] = useState(initial);
  const id = useId();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== "") onConfirm(name.trim());
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{S.common.cancel}</Button>
          <Button tone="primary" type="submit" form={`${id}-form`} disabled={busy || name.trim() === ""}>
            {confirm}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={submit}>
        <Field label={label} htmlFor={id}>
          <TextInput
            id={id}
            autoFocus
            maxLength={200}
            value={name}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </form>
      {problem && <ProblemNote problem={problem} />}
    </Dialog>
  );
}
