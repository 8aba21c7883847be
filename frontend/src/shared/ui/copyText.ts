import { S } from "@/shared/strings";

import { toast } from "./toast";

/** Copy a text, and say whether that worked. */
export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast(S.results.copied),
    () => toast(S.results.copyFailed, "error"),
  );
}
