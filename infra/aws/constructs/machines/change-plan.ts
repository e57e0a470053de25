import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Choice, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../../names.ts'
import type { Alarms } from '../alarms.ts'
import { failWithCause, outcomeIs, ServiceMachine, steps } from '../service-machine.ts'

/** What each step does: `billing/workflows/README.md`. */
export class ChangePlanMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'ChangePlan')
    const step = steps(this, stepFunction, failWithCause(this, 'NotChanged'))
    const [load, entitle] = [step('Load'), step('Entitle')]
    const waitFor = (id: string, seconds: number) =>
      new Wait(this, id, { time: WaitTime.duration(Duration.seconds(seconds)) })
    const announce = step('Announce').next(new Succeed(this, 'Changed'))
    const inForce = new Choice(this, 'LimitsInForce')
      .when(outcomeIs('in_force'), announce)
      .otherwise(waitFor('AwaitGateway', 15).next(entitle))
    const active = new Choice(this, 'SubscriptionActive')
      .when(outcomeIs('ready'), step('Switch').next(entitle).next(inForce))
      .when(outcomeIs('expired'), new Succeed(this, 'NothingToSwitch'))
      .otherwise(waitFor('AwaitPayment', 60).next(load))
    // Stripe ends an incomplete subscription after 23 hours.
    new ServiceMachine(this, 'ChangePlan', {
      name: MACHINES.changePlan,
      definition: load.next(active),
      timeout: Duration.hours(24),
      alarms,
    })
  }
}
