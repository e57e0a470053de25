import { BlockList, isIP } from 'node:net'

/** A network such as `10.0.0.0/24` or `2001:db8::/32`; `undefined` when the text is none. */
export function parseCidr(text: string): BlockList | undefined {
  const [, address = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0 || Number(prefix) > (version === 4 ? 32 : 128)) return undefined
  const list = new BlockList()
  list.addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6')
  return list
}

/** Whether an address lies in the network; a text that is no address does not. */
export function matchesCidr(network: string, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && parseCidr(network)?.check(address, version === 4 ? 'ipv4' : 'ipv6') === true
}
