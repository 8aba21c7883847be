/** What is wrong with a field, read aloud when it appears; `id` is for the field's `aria-describedby`. */
export function FieldError({ id, text }: { readonly id?: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p id={id} role="alert" className="text-xs text-danger">
      {text}
    </p>
  );
}
