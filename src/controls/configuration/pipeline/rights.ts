/** The scopes of a token that let whoever holds it change something outside the run. */
export const SEVERE_RIGHTS: ReadonlySet<string> = new Set([
  'contents',
  'packages',
  'actions',
  'id-token',
  'workflows',
  'deployments',
  'administration',
  'security-events',
]);
