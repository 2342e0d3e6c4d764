import { isPlaceholder } from '../../text/index.ts';

/** Labels, messages, names of variables and fields of forms are no secrets. */
export function looksSecret(text: string, name: string): boolean {
  if (text.length < 6 || text.length > 200 || isPlaceholder(text)) return false;
  if (/\s|^[A-Z0-9_]+$|^(?:https?:|\/|\.|#|\$|%|<|@|process\.env)/.test(text)) return false;
  // Words with slashes between them are names of templates, routes and files.
  if (/^[a-z_-]+(?:\/[a-z_.-]+)+$/.test(text)) return false;
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z]/g, '');
  if (plain(text) === plain(name)) return false;
  // One word that is all letters is more often a label (`password: 'required'`) than a password.
  return !/^[a-z]+$/i.test(text) || /secret|passw|admin|qwerty|letmein|hunter/i.test(text);
}
