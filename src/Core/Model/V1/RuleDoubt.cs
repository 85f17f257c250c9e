using System.Globalization;
using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// Reads rules of which nobody can say what Felix makes of them: a null among networks or ports. Go reads it as no network or as port 0; neither
/// calicoctl writes it nor does a recording say what Felix then does. What is read so serves to find the endpoints concerned and is never shown or
/// written as a rule.
/// </summary>
internal sealed class RuleDoubt
{
    private readonly List<string> _nulls = [];

    /// <summary>Why nobody can say; null when there is no such null.</summary>
    public string? Reason => _nulls is [var first, ..]
        ? $"{first} holds a null, and nobody has recorded what Felix does with that: it may crash, or let through what the condition was to keep out"
        : null;

    /// <summary>What reads the rules of a list, one after the other.</summary>
    public Func<JsonElement, string, Rule> Reading(string list)
    {
        var next = 0;
        return (element, _) => RuleCodec.Read(element, string.Create(CultureInfo.InvariantCulture, $"{list}[{next++}]"), _nulls);
    }
}
