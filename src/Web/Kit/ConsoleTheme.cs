using MudBlazor;
using MudBlazor.Utilities;

namespace CalicoConsole.Web.Kit;

/// <summary>The console's colours, type and radius: the one place. MudBlazor has them as its theme, our own css as <c>--cc-…</c>.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Sans = ["Inter Variable", "system-ui", "sans-serif"];
    private static readonly string[] Mono = ["JetBrains Mono Variable", "ui-monospace", "monospace"];

    /// <summary>The theme for our own css. It stands in the page itself, because MudBlazor's comes with the circuit and the frame is there before it.</summary>
    public static string Css { get; } = Written(Create());

    /// <summary>A theme; each circuit has its own, because MudBlazor's themes can be changed.</summary>
    public static MudTheme Create() => new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b6b6b",
            PrimaryContrastText = "#ffffff",
            Secondary = "#c2520f",
            SecondaryContrastText = "#ffffff",
            Tertiary = "#52616a",
            Background = "#f5f7f8",
            BackgroundGray = "#eef1f3",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#172126",
            DrawerBackground = "#ffffff",
            DrawerText = "#172126",
            DrawerIcon = "#52616a",
            TextPrimary = "#172126",
            TextSecondary = "#52616a",
            TextDisabled = "#6b7980",
            ActionDefault = "#52616a",
            LinesDefault = "#d9dfe3",
            LinesInputs = "#7b8990",
            TableLines = "#d9dfe3",
            TableHover = "#eef1f3",
            Divider = "#d9dfe3",
            Success = "#17703f",
            Info = "#1b5fbf",
            Warning = "#855300",
            Error = "#b3261e",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#4fc4ba",
            PrimaryContrastText = "#04211f",
            Secondary = "#f2925a",
            SecondaryContrastText = "#241003",
            Tertiary = "#a0b0b8",
            Background = "#0e1417",
            BackgroundGray = "#1b252a",
            Surface = "#151d21",
            AppbarBackground = "#151d21",
            AppbarText = "#e4ebee",
            DrawerBackground = "#151d21",
            DrawerText = "#e4ebee",
            DrawerIcon = "#a0b0b8",
            TextPrimary = "#e4ebee",
            TextSecondary = "#a0b0b8",
            TextDisabled = "#84949c",
            ActionDefault = "#a0b0b8",
            LinesDefault = "#2b373d",
            LinesInputs = "#71828a",
            TableLines = "#2b373d",
            TableHover = "#1b252a",
            Divider = "#2b373d",
            Success = "#62cf95",
            Info = "#82b6ff",
            Warning = "#e8b85a",
            Error = "#ff938c",
            ErrorContrastText = "#2b0504",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Sans, FontSize = "14px", FontWeight = "600", TextTransform = "none", LetterSpacing = "normal" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "52px", DrawerWidthLeft = "216px" },
    };

    private static string Written(MudTheme theme)
    {
        var layout = $"--cc-sans:{Families(Sans)};--cc-mono:{Families(Mono)};--cc-radius:{theme.LayoutProperties.DefaultBorderRadius}";
        return $":root{{color-scheme:light;{layout};{Colours(theme.PaletteLight)}}}:root[data-theme=dark]{{color-scheme:dark;{Colours(theme.PaletteDark)}}}";
    }

    private static string Families(string[] names) => string.Join(',', names.Select(n => n.Contains(' ', StringComparison.Ordinal) ? $"\"{n}\"" : n));

    private static string Colours(Palette palette)
    {
        (string Name, MudColor Colour)[] all =
        [
            ("ground", palette.Background), ("surface", palette.Surface), ("sunken", palette.BackgroundGray), ("line", palette.LinesDefault),
            ("field", palette.LinesInputs), ("text", palette.TextPrimary), ("muted", palette.TextSecondary),
            ("primary", palette.Primary), ("on-primary", palette.PrimaryContrastText), ("accent", palette.Secondary),
            ("healthy", palette.Success), ("working", palette.Info), ("attention", palette.Warning), ("broken", palette.Error), ("unknown", palette.Tertiary),
        ];
        return string.Join(';', all.Select(c => $"--cc-{c.Name}:{c.Colour.ToString(MudColorOutputFormats.Hex)}"));
    }
}
