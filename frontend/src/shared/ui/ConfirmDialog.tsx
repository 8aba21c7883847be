import { S } from "@/shared/strings";

import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface Props {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** One question with two answers; the cautious one has the focus. */
export function ConfirmDialog({ title, text, confirm, danger = false, onConfirm, onClose }: Props) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            {S.common.cancel}
          </Button>
          <Button tone={danger ? "danger" : "primary"} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
