import { join } from 'node:path';
import { readRepository, readText } from './checkout.ts';
import type { Row } from './row.ts';

/** poutine: a Go table of findings about one repository of fixtures. Every file is a fixture of its own name. */
export function readPoutine(directory: string): readonly Row[] {
  const files = readRepository(join(directory, 'scanner/testdata'));
  const table = readText(directory, 'scanner/inventory_test.go');
  const findings = table.slice(
    table.indexOf('findings := []results.Finding{'),
    table.indexOf('assert.Equal(t, len(findings)'),
  );
  return findings
    .split(/RuleId:/)
    .slice(1)
    .flatMap((part): readonly Row[] => {
      const rule = /^\s*"([^"]+)"/.exec(part)?.[1];
      const file = /Path:\s*"([^"]+)"/.exec(part)?.[1];
      const line = /Line:\s*(\d+)/.exec(part)?.[1];
      if (rule === undefined || file === undefined) return [];
      return [
        { fixture: file, files, file, line: line === undefined ? undefined : Number(line), rule, expected: 'finding' },
      ];
    });
}
