import { Search } from "lucide-react";
import type { InputHTMLAttributes } from "react";

import { TextInput } from "./inputs";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "onChange" | "className"> {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** A field that narrows a list; its label is also what stands in it while it is empty. */
export function SearchInput({ label, onText, ...rest }: Props) {
  return (
    <div className="relative min-w-0 grow">
      <Search aria-hidden size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-muted" />
      <TextInput
        type="search"
        aria-label={label}
        placeholder={label}
        className="pl-7"
        onChange={(event) => onText(event.target.value)}
        {...rest}
      />
    </div>
  );
}
