/**
 * The least that Stripe charges, in minor units. Currencies that are not listed have none that is published; half a
 * dollar's worth is a safe guess for none of them, so nothing is waived there.
 * Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
const MINIMUM_MINOR: Readonly<Record<string, bigint>> = {
  ...{ usd: 50n, eur: 50n, aud: 50n, cad: 50n, chf: 50n, nzd: 50n, sgd: 50n, brl: 50n, inr: 50n },
  ...{ gbp: 30n, jpy: 50n, hkd: 400n, mxn: 1_000n, sek: 300n, nok: 300n, dkk: 250n },
  ...{ pln: 200n, ron: 200n, aed: 200n, myr: 200n, czk: 1_500n, huf: 17_500n, thb: 1_000n },
}

export const minimumChargeMinor = (currency: string): bigint => MINIMUM_MINOR[currency] ?? 1n
