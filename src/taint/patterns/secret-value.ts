import { isPlaceholder } from '../../text/index.ts';

/** What a name begins with when its value is the name of a column, a header, a member and the like. */
const NAMING =
  /^(?:arg|attr|attribute|claim|col|column|cookie|edge|element|env|field|flag|form|header|input|json|key|label|name|option|param|prop|property|query|tag|xml)/;

/** Labels, messages, names of variables and fields of forms are no secrets. */
export function looksSecret(text: string, name: string): boolean {
  if (text.length < 6 || text.length > 200 || isPlaceholder(text)) return false;
  if (/\s|^[A-Z0-9_]+$|^(?:https?:|\/|\.|#|\$|%|<|@|process\.env)/.test(text)) return false;
  // Words with slashes between them are names of templates, routes and files.
  if (/^[a-z_-]+(?:\/[a-z_.-]+)+$/.test(text)) return false;
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z]/g, '');
  // `FieldSecret = "secret"`, `HEADER_TOKEN = 'token'`: the constant says what something is called.
  if ([plain(name), plain(name).replace(NAMING, '')].includes(plain(text))) return false;
  if (namesSetting(text, name) || (/storage_?key$/i.test(name) && !/^[\w+/=-]{32,}$/.test(text))) return false;
  // One word that is all letters is more often a label (`password: 'required'`) than a password.
  return !/^[a-z]+$/i.test(text) || /secret|passw|admin|qwerty|letmein|hunter/i.test(text);
}

/** `dt.ldap.bind-password`, `acme.test/access-token`: words joined, of which the last is the name's: a setting's own name. */
function namesSetting(text: string, name: string): boolean {
  if (!/^[a-z]+(?:[.:/_-][a-z]+)+$/.test(text)) return false;
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');
  return words.includes(text.slice(text.search(/[a-z]+$/)));
}
