/** Names of the registry that is meant where none is named (Docker's reference grammar, `distribution/reference`). */
const DEFAULT_REGISTRY = 'docker.io';
const ITS_OTHER_NAMES: ReadonlySet<string> = new Set([
  ...['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'],
]);

/**
 * The name of an image with all that a runtime adds to it: `node` is `docker.io/library/node`, and a registry has one
 * spelling. Two names are of one image when they are the same in full. A name that begins with something that is not
 * known here, a variable or `*`, stays as it is: it may be a registry or not.
 * @param name without tag and digest
 */
export function imageNameInFull(name: string): string {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  if (/[$*]/.test(slash < 0 ? name : first)) return name;
  if (!isRegistry(first)) return `${DEFAULT_REGISTRY}/${inLibrary(name)}`;
  const registry = first.toLowerCase().replace(/:443$/, '');
  const path = name.slice(slash + 1);
  if (registry === DEFAULT_REGISTRY || ITS_OTHER_NAMES.has(registry)) return `${DEFAULT_REGISTRY}/${inLibrary(path)}`;
  return `${registry}/${path}`;
}

/** A first part without a dot, a port or a capital letter is the name of an account. */
function isRegistry(first: string): boolean {
  return first === 'localhost' || /[.:A-Z]/.test(first);
}

function inLibrary(path: string): string {
  return path.includes('/') ? path : `library/${path}`;
}
