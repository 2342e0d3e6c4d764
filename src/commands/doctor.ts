import { tmpdir } from 'node:os';
import { Command, Option } from 'commander';
import { airlockProgram } from '../run/index.ts';
import { diagnoseHost, type HostCheck, type HostReport } from '../sandbox/index.ts';
import { closeInheritedDescriptors, systemClock, systemRandom } from '../system/index.ts';

const EXIT_INCOMPLETE = 3;
const MARK: { readonly [status in HostCheck['status']]: string } = {
  ok: 'ok      ',
  missing: 'MISSING ',
  degraded: 'note    ',
};

/** `sallyport doctor`: what the host has and lacks for a contained run, with the commands that mend it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check whether a contained run can start here, and say how to get what is missing.')
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit codes: 0 a run can start · 2 usage · 3 it cannot')
    .action(async (options: { readonly format: 'text' | 'json' }) => {
      closeInheritedDescriptors();
      const host = { airlock: airlockProgram(), clock: systemClock, random: systemRandom };
      const report = await diagnoseHost(host, tmpdir());
      const text = options.format === 'json' ? `${JSON.stringify(report, undefined, 2)}\n` : formatReport(report);
      process.stdout.write(text);
      process.exitCode = report.canStart ? 0 : EXIT_INCOMPLETE;
    });
}

function formatReport(report: HostReport): string {
  const { trial } = report;
  const verdict = trial.held
    ? `ok      trial run: ${trial.proofChecks} checks of the probe held (${trial.milliseconds} ms)`
    : `FAILED  trial run: ${trial.failure}`;
  const lines = [
    ...report.checks.flatMap((check) => [`${MARK[check.status]}${check.name}: ${check.found}`, ...indent(check.fix)]),
    verdict,
    ...trial.proofFailures.map((failure) => `        ${failure}`),
    ...indent(trial.fix),
    ...Object.entries(trial.limits).map(([limit, mechanism]) => `        ${limit} held by ${mechanism}`),
    report.canStart
      ? 'A contained run can start here.'
      : 'A contained run cannot start here; nothing would be started.',
  ];
  return `${lines.join('\n')}\n`;
}

function indent(commands: readonly string[]): readonly string[] {
  return commands.map((command) => `        $ ${command}`);
}
