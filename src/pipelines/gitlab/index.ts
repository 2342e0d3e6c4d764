/** GitLab CI: configuration with includes and `extends` resolved, read as pipelines of the common model. */
export { readGitLab } from './read-gitlab.ts';
