using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.AspNetCore.WebUtilities;

namespace CalicoConsole.Web.Areas.Audit;

/// <summary>What somebody asks of the audit, as it stands in the page's address.</summary>
public sealed record AuditFilter
{
    /// <summary>Kinds that operations name.</summary>
    public static IReadOnlyList<string> Kinds => KindWords.All;

    /// <summary>Name of the object, exactly.</summary>
    public string Object { get; init; } = "";

    /// <summary>Kind of the object.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Who.</summary>
    public string Actor { get; init; } = "";

    /// <summary>How far back, as <see cref="SinceWords"/> reads it: a time in UTC, or a span before now such as <c>last hour</c>.</summary>
    public string Since { get; init; } = "";

    /// <summary>How far forward, as <see cref="SinceWords"/> reads it; a day without a time is meant with its end.</summary>
    public string Until { get; init; } = "";

    /// <summary>How it ended: done, not-done or open; empty is any.</summary>
    public string Result { get; init; } = "";

    /// <summary>Text anywhere.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether entries may be hidden.</summary>
    public bool Filters => this != new AuditFilter();

    /// <summary>Reads the address.</summary>
    public static AuditFilter From(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var given = QueryHelpers.ParseQuery(address.Query);
        return new AuditFilter
        {
            Object = Value("object"),
            Kind = Value("kind"),
            Actor = Value("actor"),
            Since = Value("since"),
            Until = Value("until"),
            Result = Value("result"),
            Text = Value("text"),
        };

        string Value(string name) => given.TryGetValue(name, out var values) ? values.ToString() : "";
    }

    /// <summary>What to set in the address; null takes a name out.</summary>
    public IReadOnlyDictionary<string, object?> ToParameters() => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["object"] = Or(Object),
        ["kind"] = Or(Kind),
        ["actor"] = Or(Actor),
        ["since"] = Or(Since),
        ["until"] = Or(Until),
        ["result"] = Or(Result),
        ["text"] = Or(Text),
    };

    /// <summary>The question to the log; a time that cannot be read does not filter.</summary>
    public AuditQuery ToQuery(long? before, int limit, DateTimeOffset now) => new()
    {
        Object = Or(Object),
        Kind = Or(Kind),
        Actor = Or(Actor),
        Since = SinceWords.Read(Since, now),
        Until = SinceWords.ReadEnd(Until, now),
        Result = ResultOf(Result),
        Text = Or(Text),
        Before = before,
        Limit = limit,
    };

    /// <summary>The result that a word in an address names; null when it names none.</summary>
    public static AuditResult? ResultOf(string word) => word switch
    {
        "done" => AuditResult.Done,
        "not-done" => AuditResult.NotDone,
        "open" => AuditResult.Open,
        _ => null,
    };

    private static string? Or(string text) => text.Length == 0 ? null : text;
}
