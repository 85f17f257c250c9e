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

    /// <summary>Text anywhere.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether entries may be hidden.</summary>
    public bool Filters => this != new AuditFilter();

    /// <summary>Reads the address.</summary>
    public static AuditFilter From(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var given = QueryHelpers.ParseQuery(address.Query);
        return new AuditFilter { Object = Value("object"), Kind = Value("kind"), Actor = Value("actor"), Since = Value("since"), Text = Value("text") };

        string Value(string name) => given.TryGetValue(name, out var values) ? values.ToString() : "";
    }

    /// <summary>What to set in the address; null takes a name out.</summary>
    public IReadOnlyDictionary<string, object?> ToParameters() => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["object"] = Or(Object),
        ["kind"] = Or(Kind),
        ["actor"] = Or(Actor),
        ["since"] = Or(Since),
        ["text"] = Or(Text),
    };

    /// <summary>The question to the log; a time that cannot be read does not filter.</summary>
    public AuditQuery ToQuery(long? before, int limit, DateTimeOffset now) => new()
    {
        Object = Or(Object),
        Kind = Or(Kind),
        Actor = Or(Actor),
        Since = SinceWords.Read(Since, now),
        Text = Or(Text),
        Before = before,
        Limit = limit,
    };

    private static string? Or(string text) => text.Length == 0 ? null : text;
}
