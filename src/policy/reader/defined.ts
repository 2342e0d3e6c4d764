/** The same object without its undefined members. */
export function defined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const kept = Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
  // Sound for readers under exactOptionalPropertyTypes only when every member is optional, which holds for each caller.
  return kept as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}
