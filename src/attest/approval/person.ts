/** `4567+alice@users.noreply.example` and `alice@users.noreply.example`: the account of a forge in an address. */
const NOREPLY = /^(?:\d+[+-])?([^@+]+)@users\.noreply\./;

/**
 * Every name by which a person may be meant in a text of a forge or of git: an account (`@alice`), an address, or an
 * author line (`Alice <alice@example.test>`). In lower case. A display name alone is nobody's: anyone can set it, so an
 * author line is known by its address.
 */
export function namesOf(person: string): ReadonlySet<string> {
  const text = person.normalize('NFC').trim().toLowerCase();
  const open = text.lastIndexOf('<');
  const close = text.lastIndexOf('>');
  const name = open >= 0 && close > open ? text.slice(open + 1, close).trim() : text.replace(/^@/, '');
  const account = NOREPLY.exec(name)?.[1];
  return new Set([name, ...(account === undefined ? [] : [account])].filter((each) => each !== ''));
}

/** Is this person one of those names? */
export function isKnownAs(names: readonly string[], person: string | undefined): boolean {
  if (person === undefined) return false;
  const asked = namesOf(person);
  return names.some((name) => [...namesOf(name)].some((own) => asked.has(own)));
}
