import { lookup as resolve, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { DestinationDown } from '../sender.ts'

/** Where a request may go: everywhere in public, and to the private ranges that the installation allows; without TLS to these alone. */
export interface Bounds { privateRanges: readonly string[]; tls: boolean }

/** May a connection be made to this address? */
export function isReachable(address: string, { privateRanges, tls }: Bounds): boolean {
  if (!ipaddr.isValid(address)) return false
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is.
  const parsed = ipaddr.process(address)
  if (privateRanges.some((range) => isWithin(parsed, range))) return true
  return tls && isPublic(parsed)
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(range)
  return base.kind() === address.kind() && address.match(base, bits)
}

// All that is routed in the world begins with 001; translations and tunnels within it lead to IPv4 addresses and are told by their ranges.
const globalUnicast = ipaddr.IPv6.parse('2000::')

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(globalUnicast, 3))
}

const notReachable = (host: string, tls: boolean) => new DestinationDown(tls
  ? `${host} is at a private address, and this installation does not allow webhooks to go there.`
  : `${host} is not at an address of a private range that this installation allows, and without TLS only these are reached.`, { lasting: true })

/** Throws where the host is written as an address that may not be reached: such a one is looked up nowhere. */
export function refuseAddress(host: string, bounds: Bounds): void {
  const address = host.replace(/^\[|\]$/g, '')
  if (isIP(address) && !isReachable(address, bounds)) throw notReachable(host, bounds.tls)
}

/** Looks a name up once and hands over only what was checked, so that another answer a moment later changes nothing. One address that may not be reached refuses the name. */
export function checkedLookup(bounds: Bounds, lookup: typeof resolve = resolve): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '')
      if (!found.length || found.some(({ address }) => !isReachable(address, bounds))) return callback(notReachable(host, bounds.tls) as NodeJS.ErrnoException, '')
      if (options.all) return callback(null, found)
      return callback(null, found[0]!.address, found[0]!.family)
    })
  }
}
