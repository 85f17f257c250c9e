using System.Globalization;

namespace CalicoConsole.Core.Model.V1;

/// <summary>AS numbers in text: a decimal up to 4294967295, or dotted as <c>1.10</c> (docs/calico-v1.md#values).</summary>
public static class AsNumbers
{
    /// <summary>Reads an AS number.</summary>
    public static bool TryParse(string text, out uint number)
    {
        number = 0;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        if (!ushort.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            || !ushort.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        number = ((uint)high << 16) | low;
        return true;
    }
}
