import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Row } from './row.ts';

interface Configuration {
  readonly id: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly expectedFindings: readonly { readonly ruleId: string }[];
}

/** AgentShield: a TypeScript array of invented configurations and the rules that report them. */
export async function readAgentShield(directory: string): Promise<readonly Row[]> {
  const url = pathToFileURL(join(directory, 'src/corpus/vulnerable-configs.ts')).href;
  // The module declares this shape.
  const { vulnerableConfigs } = (await import(url)) as { readonly vulnerableConfigs: readonly Configuration[] };
  return vulnerableConfigs.flatMap(({ id, files, expectedFindings }) => {
    const repository = Object.fromEntries(files.map(({ path, content }) => [homeOf(path), content]));
    return expectedFindings.map(
      ({ ruleId }): Row => ({
        fixture: id,
        files: repository,
        file: undefined,
        line: undefined,
        rule: ruleId,
        expected: 'finding',
      }),
    );
  });
}

/** Where the product reads such a file. */
function homeOf(path: string): string {
  const inside = path.replace(/^corpus\/[^/]+\//, '');
  if (/^settings(?:\.local)?\.json$/.test(inside)) return `.claude/${inside}`;
  if (/^(?:agents|skills|commands|hooks|rules)\//.test(inside)) return `.claude/${inside}`;
  return /^(?:\.claude|mcp)\.json$/.test(inside) ? '.mcp.json' : inside;
}
