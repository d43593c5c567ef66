/** Is aborted by Ctrl-C and SIGTERM, so that a command ends in order: no half file, no open transaction, no server left running. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  // npm passes on the signal that the terminal has sent to both: the second press is no other one.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => { controller.abort(new Error('It was interrupted.')) })
  return controller.signal
}
