/** The example of `docs/audit.md`, run as a reader would. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { openRepository } from './support/repository.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/audit.md'), 'utf8');

interface Session {
  readonly command: string;
  /** Runs of lines that stand in the output in this order; `…` stands for whatever is between. */
  readonly parts: readonly string[];
}

function sessions(): readonly Session[] {
  const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) =>
    block
      .split(/^\$ sallyport /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...lines] = text.split('\n');
        const parts = lines
          .join('\n')
          .split('…')
          .map((part) => part.trim());
        return { command, parts: parts.filter((part) => part !== '') };
      }),
  );
}

test('every command of the page prints what the page shows', () => {
  using repository = openRepository();
  const [, path = '', text = ''] = /^```yaml\n# (\S+)\n([\s\S]*?)^```/m.exec(page) ?? [];
  repository.commit({ [path]: `# ${path}\n${text}` });
  assert.ok(sessions().length >= 5);
  for (const { command, parts } of sessions()) {
    const { stdout } = repository.sallyport(...command.split(' '));
    let from = 0;
    for (const part of parts) {
      const at = stdout.indexOf(part, from);
      assert.ok(at >= 0, `sallyport ${command}\n\nhas not:\n${part}\n\nin:\n${stdout}`);
      from = at + part.length;
    }
  }
});
