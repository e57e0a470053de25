export { type RunningStripe, type StripeOptions, startStripe } from './start-stripe.ts'
