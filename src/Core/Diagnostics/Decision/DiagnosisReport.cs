using System.Text.Json;
using System.Text.Json.Serialization;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Decision;

/// <summary>A diagnosis with all that it was made from, as it is kept, shown, answered by the API and compared. Values only; it knows no live object.</summary>
public sealed record DiagnosisReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was asked (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long TookMilliseconds { get; init; }

    /// <summary>The end that asked.</summary>
    public required string From { get; init; }

    /// <summary>The end that was asked.</summary>
    public required string To { get; init; }

    /// <summary><c>ping</c>, <c>tcp</c> or <c>udp</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The port; null for a ping.</summary>
    public int? Port { get; init; }

    /// <summary>How it ended.</summary>
    public required DiagnosisOutcome Outcome { get; init; }

    /// <summary>How sure the cause is.</summary>
    public required Certainty Certainty { get; init; }

    /// <summary>The sentence that people read first.</summary>
    public required string Headline { get; init; }

    /// <summary>The most likely cause; null when there is none.</summary>
    public ReportedCause? Cause { get; init; }

    /// <summary>Other causes that would explain it.</summary>
    public ImmutableArray<ReportedCause> RunnersUp { get; init; } = [];

    /// <summary>What was seen beside it.</summary>
    public ImmutableArray<ReportedCause> AlsoSeen { get; init; } = [];

    /// <summary>What could not be read.</summary>
    public ImmutableArray<string> NotChecked { get; init; } = [];

    /// <summary>What to do next when no cause says it.</summary>
    public string NextStep { get; init; } = "";

    /// <summary>What was measured, in words; empty when nothing was.</summary>
    public string Measured { get; init; } = "";

    /// <summary>What the rules say: <c>allowed</c>, <c>denied</c> or <c>unknown</c>.</summary>
    public string Computed { get; init; } = "unknown";

    /// <summary>Whether what was measured contradicts what was computed.</summary>
    public bool Disagrees { get; init; }

    /// <summary>The way, hop by hop.</summary>
    public ImmutableArray<Hop> Path { get; init; } = [];

    /// <summary>The probes that ran.</summary>
    public ImmutableArray<ProbeRun> Probes { get; init; } = [];

    /// <summary>The report of a diagnosis.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="at">When it was asked.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="evidence">What it was made from.</param>
    /// <param name="diagnosis">What came of it.</param>
    /// <param name="probes">The probes that ran.</param>
    public static DiagnosisReport Make(Guid id, DateTimeOffset at, TimeSpan took, DiagnosisEvidence evidence, Diagnosis diagnosis,
        ImmutableArray<ProbeRun> probes)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(diagnosis);
        return new DiagnosisReport
        {
            Id = id,
            At = at,
            TookMilliseconds = (long)took.TotalMilliseconds,
            From = evidence.From.Name,
            To = evidence.To.Name,
            Protocol = evidence.Question.Kind,
            Port = evidence.Question.Port,
            Outcome = diagnosis.Outcome,
            Certainty = diagnosis.Certainty,
            Headline = diagnosis.Headline,
            Cause = diagnosis.Cause is { } cause ? ReportedCause.From(cause) : null,
            RunnersUp = [.. diagnosis.RunnersUp.Select(ReportedCause.From)],
            AlsoSeen = [.. diagnosis.AlsoSeen.Select(ReportedCause.From)],
            NotChecked = diagnosis.NotChecked,
            NextStep = diagnosis.NextStep,
            Measured = evidence.Test.Value?.Said ?? "",
            Computed = evidence.Computed switch { null or { Unknown: not null } => "unknown", { Allowed: true } => "allowed", _ => "denied" },
            Disagrees = diagnosis.Disagrees,
            Path = diagnosis.Path,
            Probes = probes,
        };
    }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A report from its JSON; null when it is none of this version.</summary>
    public static DiagnosisReport? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<DiagnosisReport>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A cause in a report.</summary>
public sealed record ReportedCause
{
    /// <summary>Its number in the catalogue.</summary>
    public required string Id { get; init; }

    /// <summary>Its stable code.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, as a title.</summary>
    public required string Title { get; init; }

    /// <summary>Why it happens.</summary>
    public required string Why { get; init; }

    /// <summary>What it does to connectivity.</summary>
    public required CauseImpact Impact { get; init; }

    /// <summary>How sure it is.</summary>
    public required Proof Proof { get; init; }

    /// <summary>What it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>The sentence that people read first.</summary>
    public required string Headline { get; init; }

    /// <summary>What speaks for it.</summary>
    public ImmutableArray<EvidenceLine> Evidence { get; init; } = [];

    /// <summary>What speaks against it.</summary>
    public ImmutableArray<string> Against { get; init; } = [];

    /// <summary>What mends it now.</summary>
    public string FixNow { get; init; } = "";

    /// <summary>What mends it for good.</summary>
    public string FixForGood { get; init; } = "";

    /// <summary>The command that does the same.</summary>
    public string Command { get; init; } = "";

    /// <summary>The change that the console can make itself.</summary>
    public CauseMend? Mend { get; init; }

    /// <summary>A finding as it is reported.</summary>
    public static ReportedCause From(CauseFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return new ReportedCause
        {
            Id = finding.Cause.Id,
            Code = finding.Cause.Code,
            Title = finding.Cause.Title,
            Why = finding.Cause.Why,
            Impact = finding.Cause.Impact,
            Proof = finding.Proof,
            Subject = finding.Subject,
            Headline = finding.Headline,
            Evidence = finding.For,
            Against = finding.Against,
            FixNow = finding.FixNow,
            FixForGood = finding.FixForGood,
            Command = finding.Command,
            Mend = finding.Mend,
        };
    }
}

/// <summary>A probe that ran.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Where">In what it looked: a container, calico-node of a host, the console.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Problem">Why it brought nothing; empty when it did.</param>
public sealed record ProbeRun(string Name, string Where, long Milliseconds, string Problem);
