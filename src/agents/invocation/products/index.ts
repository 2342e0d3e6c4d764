/** The recognition table: every product that audit knows on a command line. One row a product. */
import type { ProductId } from '../invocation.ts';
import { PLAIN, type ProductRow } from '../product.ts';
import { CLAUDE_CODE } from './claude-code.ts';
import { CODEX } from './codex.ts';
import { COPILOT } from './copilot.ts';
import { FURTHER } from './further.ts';
import { GEMINI, QWEN } from './gemini.ts';

export const PRODUCTS: readonly ProductRow[] = [CLAUDE_CODE, CODEX, GEMINI, QWEN, COPILOT, ...FURTHER];

const NAMELESS: ProductRow = { ...PLAIN, id: 'unknown', programs: [] };

/** The row of a product; one without programs for a product that has no command line. */
export function productRow(id: ProductId): ProductRow {
  return PRODUCTS.find((row) => row.id === id) ?? { ...NAMELESS, id };
}
