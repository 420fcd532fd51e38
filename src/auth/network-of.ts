import ipaddr from "ipaddr.js";

/** What one customer of a provider is given at least (RFC 6177): whoever guesses has all of it. */
const IPV6_PREFIX = 64;

/**
 * What attempts from an address are counted by: an IPv4 address, also where it is written as IPv6 (RFC 4291, section
 * 2.5.5.2), the /64 prefix of an IPv6 address, and anything else as it is.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(
    `${parsed.toNormalizedString().replace(/%.*$/, "")}/${IPV6_PREFIX}`,
  ).toString();
}
