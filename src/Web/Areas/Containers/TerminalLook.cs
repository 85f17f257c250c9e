using System.Globalization;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>How a terminal shows a character. Colours 0 to 15 are the console's own for each theme; others are as the program asks.</summary>
internal sealed record TerminalLook
{
    /// <summary>No look at all.</summary>
    public static TerminalLook Plain { get; } = new();

    private bool Bold { get; init; }

    private bool Dim { get; init; }

    private bool Italic { get; init; }

    private bool Underline { get; init; }

    private bool Inverse { get; init; }

    private bool Strike { get; init; }

    private string? Foreground { get; init; }

    private string? Background { get; init; }

    /// <summary>CSS classes; null for none.</summary>
    public string? Class
    {
        get
        {
            var (front, back) = Inverse ? (Background ?? "inverse", Foreground ?? "inverse") : (Foreground, Background);
            string?[] all =
            [
                Bold ? "ansi-bold" : null, Dim ? "ansi-dim" : null, Italic ? "ansi-italic" : null,
                Underline && Strike ? "ansi-both" : Underline ? "ansi-underline" : Strike ? "ansi-strike" : null,
                front is null || IsColour(front) ? null : $"ansi-f-{front}", back is null || IsColour(back) ? null : $"ansi-b-{back}",
            ];
            var given = string.Join(' ', all.Where(c => c is not null));
            return given.Length == 0 ? null : given;
        }
    }

    /// <summary>CSS colours that no class has; null for none.</summary>
    public string? Style
    {
        get
        {
            var (front, back) = Inverse ? (Background, Foreground) : (Foreground, Background);
            var given = $"{(front is not null && IsColour(front) ? $"color:{front};" : "")}{(back is not null && IsColour(back) ? $"background:{back};" : "")}";
            return given.Length == 0 ? null : given;
        }
    }

    /// <summary>The look after an SGR sequence.</summary>
    /// <param name="parameters">What stands between <c>ESC [</c> and <c>m</c>.</param>
    public TerminalLook After(string parameters)
    {
        var look = this;
        var numbers = parameters.Replace("::", ":", StringComparison.Ordinal).Split(';', ':')
            .Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            look = numbers[i] switch
            {
                0 => Plain,
                1 => look with { Bold = true },
                2 => look with { Dim = true },
                3 => look with { Italic = true },
                4 => look with { Underline = true },
                7 => look with { Inverse = true },
                9 => look with { Strike = true },
                21 or 22 => look with { Bold = false, Dim = false },
                23 => look with { Italic = false },
                24 => look with { Underline = false },
                27 => look with { Inverse = false },
                29 => look with { Strike = false },
                >= 30 and <= 37 => look with { Foreground = Number(numbers[i] - 30) },
                38 => look with { Foreground = Extended(numbers, ref i) ?? look.Foreground },
                39 => look with { Foreground = null },
                >= 40 and <= 47 => look with { Background = Number(numbers[i] - 40) },
                48 => look with { Background = Extended(numbers, ref i) ?? look.Background },
                49 => look with { Background = null },
                >= 90 and <= 97 => look with { Foreground = Number(numbers[i] - 82) },
                >= 100 and <= 107 => look with { Background = Number(numbers[i] - 92) },
                _ => look,
            };
        }

        return look;
    }

    private static bool IsColour(string colour) => colour[0] == '#';

    private static string Number(int colour) => colour.ToString(CultureInfo.InvariantCulture);

    // 38;5;N and 38;2;R;G;B.
    private static string? Extended(int[] numbers, ref int at)
    {
        if (at + 2 < numbers.Length && numbers[at + 1] == 5)
        {
            at += 2;
            return Indexed(numbers[at]);
        }

        if (at + 4 < numbers.Length && numbers[at + 1] == 2)
        {
            at += 4;
            return Rgb(numbers[at - 2], numbers[at - 1], numbers[at]);
        }

        at = numbers.Length;
        return null;
    }

    private static string? Indexed(int colour) => colour switch
    {
        >= 0 and < 16 => Number(colour),
        >= 16 and < 232 => Rgb(Level((colour - 16) / 36), Level((colour - 16) / 6 % 6), Level((colour - 16) % 6)),
        >= 232 and < 256 => Rgb(8 + ((colour - 232) * 10), 8 + ((colour - 232) * 10), 8 + ((colour - 232) * 10)),
        _ => null,
    };

    private static int Level(int step) => step == 0 ? 0 : 55 + (step * 40);

    private static string Rgb(int red, int green, int blue) => $"#{Math.Clamp(red, 0, 255):x2}{Math.Clamp(green, 0, 255):x2}{Math.Clamp(blue, 0, 255):x2}";
}
