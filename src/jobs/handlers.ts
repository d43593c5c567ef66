import type { JobHandler } from './job.ts'

/** Every kind of job with its handler: the composition root of the worker thread. */
export const handlers: Record<string, JobHandler> = {}
