import type { AgentConfiguration } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Related, RuleDescriptor, Severity } from '../../../findings/index.ts';
import { SEVERITIES } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';

/** What a rule of this family found at one place. */
export interface Report {
  readonly place: Place;
  readonly message: string;
  /** Without the file, which is added. */
  readonly subject: string;
  readonly severity?: Severity;
  readonly detail?: string;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

type Descriptor = Omit<RuleDescriptor, 'family'>;

/**
 * A rule that looks at one configuration file at a time. What only a plugin ships weighs one step less, unless it is as
 * bad wherever it is loaded (`shipped: 'same'`).
 */
export function configurationRule(
  descriptor: Descriptor,
  find: (configuration: AgentConfiguration, facts: Facts) => Iterable<Report>,
  shipped: 'lower' | 'same' = 'lower',
): Rule {
  return {
    ...descriptor,
    family: 'CFG',
    *check(facts) {
      for (const configuration of facts.configurations) {
        for (const report of find(configuration, facts)) {
          const severity = report.severity ?? descriptor.severity;
          yield draftOf(
            descriptor,
            report,
            configuration.role === 'plugin' && shipped === 'lower' ? lowered(severity) : severity,
          );
        }
      }
    },
  };
}

/** A rule over everything at once. */
export function factsRule(descriptor: Descriptor, find: (facts: Facts) => Iterable<Report>): Rule {
  return {
    ...descriptor,
    family: 'CFG',
    *check(facts) {
      for (const report of find(facts)) yield draftOf(descriptor, report, report.severity ?? descriptor.severity);
    },
  };
}

function draftOf(descriptor: Descriptor, report: Report, severity: Severity): FindingDraft {
  const { detail, related, fixes } = report;
  return {
    rule: descriptor.id,
    message: report.message,
    severity,
    confidence: descriptor.confidence,
    place: report.place,
    subject: `${report.place.file} ${report.subject}`,
    ...(detail === undefined ? {} : { detail }),
    ...(related === undefined ? {} : { related }),
    ...(fixes === undefined || fixes.length === 0 ? {} : { fixes }),
  };
}

/** One step less; a critical finding stays what it is wherever it stands. */
function lowered(severity: Severity): Severity {
  return severity === 'critical' ? severity : (SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? severity);
}
