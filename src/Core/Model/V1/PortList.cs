namespace CalicoConsole.Core.Model.V1;

/// <summary>Ports as people type them, with commas between. Pure.</summary>
public static class PortList
{
    /// <summary>Why a text is none.</summary>
    public const string Reason = "must be ports from 0 to 65535 or ranges such as 8000:8080, with commas between";

    /// <summary>Reads a list; empty for an empty text, null when it is none.</summary>
    public static ImmutableArray<PortRange>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var all = ImmutableArray.CreateBuilder<PortRange>();
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!RuleCodec.TryParsePorts(word, out var ports) || ports.First > ports.Last)
            {
                return null;
            }

            all.Add(ports);
        }

        return all.ToImmutable();
    }
}
