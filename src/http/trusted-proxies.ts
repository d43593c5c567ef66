/**
 * What Fastify is told of proxies. It takes a mere number for nobody, since whoever sends a request directly could make up as many steps:
 * who configures one says that nobody can.
 */
export function trustedProxies(trusted: readonly string[] | number): string[] | ((address: string, hop: number) => boolean) {
  return typeof trusted === 'number' ? (_address, hop) => hop < trusted : [...trusted]
}
