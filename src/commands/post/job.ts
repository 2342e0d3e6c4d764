import { SallyportError } from '../../errors/index.ts';
import { detectContext, type Environment, type PipelineContext } from '../../forges/index.ts';
import { readEvent } from './event.ts';

/**
 * The CI job that we run in, for what only a job can do.
 * @param what it is needed for, for the message: `--ask-forge`
 * @throws SallyportError SP2402 outside of one
 */
export async function requireJob(environment: Environment, what: string): Promise<PipelineContext> {
  const context = detectContext(environment, await readEvent(environment['GITHUB_EVENT_PATH']));
  if (context?.forge !== undefined && context.repository !== undefined) return context;
  throw new SallyportError('SP2402', `${what} works in a job of a forge, and no such job is seen here`, {
    advice: 'Run it in GitHub Actions, GitLab CI, Gitea Actions or Azure Pipelines.',
  });
}
