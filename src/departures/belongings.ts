import { formatCount } from '../format.ts'

/** What is there of an operator beside the account itself. */
export interface Belongings {
  sharedAudiences: number; privateAudiences: number
  /** Pushes that repeat, or have a run that has not ended. */
  pushes: number
  /** Tokens of the API that work. */
  tokens: number
  sources: number
  /** Schedules of imports that they set last. */
  schedules: number
  /** Files of exports that only they could fetch. */
  files: number
  /** Jobs that wait or run. */
  jobs: number
}

/** What goes with a removed account, in sentences, beside what the account itself holds. */
export function goesOf({ tokens, files }: Belongings): string[] {
  return [
    ...(tokens ? [`${formatCount(tokens, 'token')} of the API: withdrawn at once.`] : []),
    ...(files ? [`${formatCount(files, 'exported file')}: nobody can fetch ${files === 1 ? 'it' : 'them'} any more.`] : [])
  ]
}

/** What stays, and what becomes of it: an audience or a push is made with what its owner may see, and nobody sees anything any more here. */
export function staysOf(name: string, belongings: Belongings): string[] {
  const { sharedAudiences, privateAudiences, pushes, sources, schedules, jobs } = belongings
  const one = (count: number, single: string, several: string) => (count === 1 ? single : several)
  return [
    `The history, and values set by hand: under the name ${name}.`,
    ...(sharedAudiences ? [`${formatCount(sharedAudiences, 'shared audience')}: ${one(sharedAudiences, 'it keeps', 'they keep')} the members of the last build, and ${one(sharedAudiences, 'is', 'are')} built again once somebody who manages audiences takes ${one(sharedAudiences, 'it', 'them')} over.`] : []),
    ...(privateAudiences ? [`${formatCount(privateAudiences, 'private audience')}: nobody sees ${one(privateAudiences, 'it', 'them')} any more; an administrator can take ${one(privateAudiences, 'it', 'them')} over or delete ${one(privateAudiences, 'it', 'them')}, on this page.`] : []),
    ...(pushes ? [`${formatCount(pushes, 'push', 'pushes')}: nothing more is sent, and ${one(pushes, 'it is', 'they are')} paused at the next run. Who sets destinations up can end ${one(pushes, 'it', 'them')}; set up by somebody else, ${one(pushes, 'it runs', 'they run')} again.`] : []),
    ...(sources ? [`${formatCount(sources, 'source')} that they made: ${one(sources, 'it belongs', 'they belong')} to the console, with all imports.`] : []),
    ...(schedules ? [`${formatCount(schedules, 'schedule')} of imports: ${one(schedules, 'it goes', 'they go')} on.`] : []),
    ...(jobs ? [`${formatCount(jobs, 'job')} under way: exports, audiences and pushes end, since they read what their operator may see; everything else goes on.`] : [])
  ]
}
