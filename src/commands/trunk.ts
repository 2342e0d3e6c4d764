/** Where a branch usually leaves from, by full name and in the order of trust. */
export const TRUNKS = [
  ...['HEAD', 'main', 'master'].map((name) => `refs/remotes/origin/${name}`),
  ...['main', 'master'].map((name) => `refs/heads/${name}`),
];
