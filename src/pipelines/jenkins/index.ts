/** Jenkins: declarative and scripted pipelines, read from Groovy as pipelines of the common model. */
export { readJenkins } from './read-jenkins.ts';
