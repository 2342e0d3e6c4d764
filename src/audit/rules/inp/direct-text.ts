import type { AgentRun, UntrustedSource } from '../../../facts/index.ts';
import { expression } from '../example.ts';
import { isOpen } from '../run-weight.ts';
import { actionOnIssue } from './examples.ts';
import { channelRule, spell } from './source-finding.ts';

/** Open to anybody, with a whole shell: nothing is missing for an attack. */
function isFullyOpen(run: AgentRun): boolean {
  return isOpen(run) && run.capabilities.execute === 'any' && run.capabilities.network !== 'none';
}

/** Where a template puts it in: the text of an input or of a script that is not the agent's own command. */
export function isInScript(run: AgentRun, { place }: Pick<UntrustedSource, 'place'>): boolean {
  const text = run.step.run?.text.place;
  return (
    text !== undefined &&
    text.file === place.file &&
    text.span.start <= place.span.start &&
    place.span.end <= text.span.end
  );
}

/** INP001 */
export const textInPrompt = channelRule({
  descriptor: {
    id: 'INP001',
    name: 'outside-text-in-prompt',
    title: "An outsider's text stands in the prompt",
    what: 'A title, body, comment, branch name or other free text of an event is put into the prompt, the system prompt or the arguments of an agent.',
    why: 'To the model it is one text: whoever opens the issue writes a part of the order, and the agent follows it with everything the job gives it.',
    sources: [
      'Aikido, "PromptPwnd" (2025)',
      'Clinejection (February 2026): an issue title in the prompt of a triage agent',
      'CodeQL, CWE-1427 queries for actions',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice:
      'Give the agent the number only and let a tool without rights fetch the text, or hand the text over in a file that the prompt calls data, and start the agent with `sallyport run`.',
    tags: ['CWE-1427', 'CWE-74', 'OWASP-LLM01'],
    attack: actionOnIssue([
      `prompt: "Label this issue - ${expression('github.event.issue.title')}"`,
      `claude_args: '--max-turns 5'`,
    ]),
    benign: actionOnIssue([
      `prompt: "Label issue ${expression('github.event.issue.number')}"`,
      `claude_args: '--max-turns 5'`,
    ]),
  },
  channels: ['prompt'],
  applies: (run, source) => !isInScript(run, source),
  severity: (run) => (isFullyOpen(run) ? 'critical' : 'high'),
  message: (run, { what }) => `${spell(what)} is put into the prompt of ${run.invocation.spelled} in job ${run.job.id}`,
});
