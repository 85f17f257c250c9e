namespace CalicoConsole.Web.Kit.Forms;

/// <summary>A field that holds several words.</summary>
internal static class SeveralWords
{
    private static readonly char[] Between = [',', ' ', '\t', '\n', '\r'];

    /// <summary>The words of a text that have commas or blanks between them.</summary>
    public static string[] In(string text) => text.Split(Between, StringSplitOptions.RemoveEmptyEntries);
}
