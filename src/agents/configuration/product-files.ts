import type { ProductId } from '../invocation/invocation.ts';
import { PRODUCT_TRUST } from './product-trust.ts';
import { SURFACES, type Surface } from './surfaces.ts';

/**
 * Files and folders of a repository that a product reads, as a person would name them: `.codex/`, `AGENTS.md`. In the
 * order of the table of surfaces, each once.
 */
export function repositoryFilesOf(product: ProductId): readonly string[] {
  return [...new Set(SURFACES.filter((surface) => isRead(surface, product)).map(({ glob }) => nameOf(glob)))];
}

function isRead({ product: of, kind, role }: Surface, product: ProductId): boolean {
  // What other tools put down or the machine holds is no file of the repository.
  if (role === 'managed' || (role === 'plugin' && of !== 'opencode')) return false;
  if (of === product) return true;
  const row = PRODUCT_TRUST.find((one) => one.product === product);
  if (of === 'any' && kind === 'environment' && row?.dotenv === 'no') return false;
  const read = row?.reads.find((other) => other.product === of);
  return read !== undefined && read.kinds?.includes(kind) !== false;
}

/** The folder that is the product's own, or the file. */
function nameOf(glob: string): string {
  const [first = '', second, ...rest] = glob.replace(/^\*\*\//, '').split('/');
  if (second === undefined) return first;
  if (first !== '.github' && first !== '.vscode') return `${first}/`;
  return rest.length > 0 ? `${first}/${second}/` : `${first}/${second}`;
}
