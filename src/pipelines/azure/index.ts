/** Azure Pipelines: stages, jobs, steps and templates, read as pipelines of the common model. */
export { readAzure } from './read-azure.ts';
