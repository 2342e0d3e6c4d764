import type { Reference } from '../model.ts';

const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...['KEY', 'APIKEY', 'TOKEN', 'ACCESSTOKEN', 'SECRET', 'SECRETS', 'PASSWORD', 'PASSWD', 'PASS', 'PAT', 'CREDENTIAL'],
  ...['CREDENTIALS', 'PRIVATE', 'AUTH', 'KUBECONFIG', 'SECRETKEY', 'CLIENTSECRET'],
]);

/** Words before `KEY` that make it a name of something, not a secret. */
const HARMLESS_KEYS = /(?:CACHE|PUBLIC|PRIMARY|SORT|PROJECT|FOREIGN|ISSUE|TICKET|LICENSE_PUBLIC)_?KEY$/;

/** A variable of this name holds a secret by the usual way of naming: `ANTHROPIC_API_KEY`, `githubToken`, `my-secret`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '');
  if (HARMLESS_KEYS.test(words.join('_'))) return false;
  return words.slice(-2).some((word) => SECRET_WORDS.has(word));
}

/** Words in the name of a variable that a webhook fills with what people write. */
const CARRIED_TEXT =
  /(?:^|_)(?:NOTE|COMMENT|PAYLOAD|PROMPT|TITLE|DESCRIPTION|BODY|MESSAGE|INPUT|CONTEXT|TEXT|ISSUE)(?:_|$)/i;

/** A variable of this name carries what people write, when whoever starts the pipeline sets it. */
export function carriesText(name: string): boolean {
  return CARRIED_TEXT.test(name) && !isSecretName(name);
}

const MOVING =
  /^(?:refs\/heads\/.*|main|master|develop|development|dev|trunk|head|latest|stable|next|nightly|edge|~latest)$/i;

/** What a ref is by its looks; a name that is neither version nor commit is a branch. */
export function refKindOf(ref: string | undefined): Reference['refKind'] {
  if (ref === undefined || ref === '') return 'none';
  if (/\$[({[A-Za-z_]/.test(ref)) return 'expression';
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref)) return 'digest';
  if (MOVING.test(ref)) return 'branch';
  if (/^refs\/tags\//.test(ref) || /^[A-Za-z-]*[vV]?\d+(?:[._-]\d+)*(?:[-+.][0-9A-Za-z.-]+)?$/.test(ref)) return 'tag';
  return 'branch';
}
