using System.Globalization;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Decision;

/// <summary>From evidence to one most likely cause. Pure.</summary>
public static class Decider
{
    /// <summary>A session that is younger than this may still come up by itself.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    /// <summary>What the evidence says.</summary>
    /// <param name="evidence">What is known.</param>
    /// <param name="now">The time, for what was just started.</param>
    public static Diagnosis Decide(DiagnosisEvidence evidence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var all = Roots([.. AllCauses.InOrder.SelectMany(c => c.Judge(evidence))]);
        CauseFinding[] explaining = [.. all.Where(f => f.Explains).OrderBy(f => f.Proof).ThenBy(f => f.Cause.Step).ThenByDescending(f => f.For.Length)];
        var beside = all.Where(f => !f.Explains).OrderBy(f => f.Proof).ThenBy(f => f.Cause.Step).ToImmutableArray();
        var missing = MissingReadings.In(evidence);
        var path = DiagnosisPath.Build(evidence, explaining.FirstOrDefault());
        var (from, to) = (evidence.NameOf(evidence.From), evidence.NameOf(evidence.To));
        Diagnosis With(DiagnosisOutcome outcome, Certainty certainty, string headline) => new(outcome, certainty, headline)
        {
            NotChecked = missing,
            AlsoSeen = beside,
            Path = path,
        };

        if (evidence.Test.Value is { Reached: true } test)
        {
            // What works has no cause; what would have explained a failure was only seen.
            var seen = explaining.Select(f => f with { Explains = false }).Concat(beside).ToImmutableArray();
            var against = evidence.Computed is { Allowed: false, Unknown: null };
            var words = test.Refused ? $"{to} refuses {evidence.Question.Traffic} from {from}: packets get there and back, and nothing listens."
                : $"{to} answers {from}: {test.Said}.";
            return With(against ? DiagnosisOutcome.WorksAgainstTheRules : DiagnosisOutcome.Works, Certainty.None,
                against ? $"{words} The rules, as they are stored, deny it: what Felix has programmed is not what is stored." : words) with
            {
                AlsoSeen = seen,
                Disagrees = against,
                NextStep = against ? "Look whether Felix follows: its process, its log, and whether the rules were changed moments ago." : "",
            };
        }

        if (explaining is [var first, .. var rest])
        {
            if (Young(evidence, first, now) is { } since)
            {
                return With(DiagnosisOutcome.NotYet, Certainty.Probable, string.Create(CultureInfo.InvariantCulture,
                    $"{first.Headline.TrimEnd('.')}: calico-node was started {since.TotalSeconds:0} s ago, and a session needs 5 to 10 s.")) with
                {
                    Cause = first,
                    RunnersUp = [.. rest],
                    NextStep = "Ask again in a few seconds.",
                };
            }

            var certainty = first.Proof switch
            {
                Proof.Proven when first.Cause.Step < MeasuredFrom || (evidence.Test.Value is not null && !HidesEarlier(evidence)) => Certainty.Certain,
                Proof.Proven or Proof.Probable => Certainty.Probable,
                Proof.Possible => Certainty.Possible,
                _ => throw new InvalidOperationException($"unknown proof {first.Proof}"),
            };
            var outcome = evidence.Failed || first.Cause.Step < MeasuredFrom ? DiagnosisOutcome.Found : DiagnosisOutcome.NotTried;
            return With(outcome, certainty, first.Headline) with
            {
                Cause = first,
                RunnersUp = [.. rest],
                NextStep = rest.Any(r => r.Proof == Proof.Proven) ? "Mend this first, then ask again: there is more than one fault." : "",
            };
        }

        if (evidence.Test.Value is null)
        {
            var allowed = evidence.Computed?.Allowed;
            return With(DiagnosisOutcome.NotTried, Certainty.None, allowed switch
            {
                true => $"The rules let {from} reach {to} with {evidence.Question.Traffic}; whether packets arrive was not tried: {evidence.Test.Missing}.",
                false => $"The rules do not let {from} reach {to} with {evidence.Question.Traffic}.",
                null => $"Nothing is known of the way from {from} to {to}: {evidence.Test.Missing}.",
            });
        }

        return With(DiagnosisOutcome.CannotTell, Certainty.None, $"{to} does not answer {from}, and nothing that could be read says why.") with
        {
            NextStep = missing.IsEmpty ? "Capture on both interfaces while you try again: where the packets end is not known yet."
                : $"Make the first of these readable, then ask again: {missing[0]}.",
        };
    }

    // Causes up to here are read, not measured: they hold without a test.
    private const int MeasuredFrom = 50;

    // What a host or its calico-node would have said may be an earlier cause.
    private static bool HidesEarlier(DiagnosisEvidence evidence) => evidence.Ends.Any(e => e.Machine.Failed || e.Setup.Failed);

    // A symptom is silent while its cause is shown.
    private static ImmutableArray<CauseFinding> Roots(ImmutableArray<CauseFinding> all)
    {
        var roots = all.Where(f => f.Explains && f.Proof != Proof.Possible).Select(f => f.Cause.Code).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(f => !f.Cause.EffectOf.Any(roots.Contains))];
    }

    private static TimeSpan? Young(DiagnosisEvidence evidence, CauseFinding first, DateTimeOffset now)
    {
        // A backend that is switched off does not come by waiting.
        if (first.Cause is not (BgpSessionDown or RemoteRouteMissing or BirdDown) || first.Mend is CauseMend.DeployNode)
        {
            return null;
        }

        var started = evidence.Ends.Select(e => e.CalicoNode?.Details?.Started).OfType<DateTimeOffset>().DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        return started <= now && now - started < Settling ? now - started : null;
    }
}
