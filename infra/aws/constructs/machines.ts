import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Choice, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../names.ts'
import type { Alarms } from './alarms.ts'
import { failWithCause, outcomeIs, ServiceMachine, steps } from './service-machine.ts'

/** The state machines of billing. What each step does: `billing/workflows/README.md`. */
export class PublishPlanMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'PublishPlan')
    const step = steps(this, stepFunction, failWithCause(this, 'NotPublished'))
    const definition = step('Stripe')
      .next(step('Limits'))
      .next(step('Catalogue'))
      .next(new Succeed(this, 'Published'))
    new ServiceMachine(this, 'PublishPlan', {
      name: MACHINES.publishPlan,
      definition,
      timeout: Duration.hours(1),
      alarms,
    })
  }
}

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

export class CloseInvoiceMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'CloseInvoice')
    const giveUp = steps(this, stepFunction)('Fail')
    giveUp.next(failWithCause(this, 'NotClosed'))
    const step = steps(this, stepFunction, giveUp)
    const settle = step('Settle')
    const compare = step('Compare')
    compare.next(step('Collect')).next(step('Record')).next(new Succeed(this, 'Closed'))
    const settled = new Choice(this, 'Settled')
      .when(outcomeIs('settled'), step('Finalize').next(compare))
      .otherwise(
        new Wait(this, 'AwaitStripe', { time: WaitTime.duration(Duration.seconds(60)) }).next(settle),
      )
    const hold = step('Hold')
    const drained = new Wait(this, 'AwaitLogs', { time: WaitTime.timestampPath('$.drainUntil') })
    hold.next(
      new Choice(this, 'Held?')
        .when(outcomeIs('held'), drained.next(step('Report')).next(settle).next(settled))
        .when(outcomeIs('finalized'), compare)
        .otherwise(new Succeed(this, 'NothingToClose')),
    )
    new ServiceMachine(this, 'CloseInvoice', {
      name: MACHINES.closeInvoice,
      definition: hold,
      timeout: Duration.days(7),
      alarms,
    })
  }
}
