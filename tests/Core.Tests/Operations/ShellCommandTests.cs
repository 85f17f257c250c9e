using CalicoConsole.Core.Operations;
using CsCheck;

namespace CalicoConsole.Core.Tests.Operations;

public class ShellCommandTests
{
    [Theory]
    [InlineData("my_net", "my_net")]
    [InlineData("--subnet=192.0.2.0/24", "--subnet=192.0.2.0/24")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(id)", "'$(id)'")]
    [InlineData("~", "'~'")]
    [InlineData("*", "'*'")]
    public void Quote_Argument_IsTakenLiterally(string argument, string expected) => Assert.Equal(expected, ShellCommand.Quote(argument));

    [Fact]
    public void Quote_AnyText_ReadsBackTheSame() => Gen.String.Sample(text => Assert.Equal(text, Unquote(ShellCommand.Quote(text))));

    [Fact]
    public void WithInput_DocumentHoldingTheEnd_UsesAnother() =>
        Assert.Equal("calicoctl create -f - <<'EOF_'\na\nEOF\nb\nEOF_", ShellCommand.WithInput(["calicoctl", "create", "-f", "-"], "a\nEOF\nb\n"));

    // POSIX quoting read by its own rules: nothing is special inside single quotes; outside, a backslash takes the next character literally.
    private static string Unquote(string quoted)
    {
        var text = new System.Text.StringBuilder();
        var inside = false;
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\'')
            {
                inside = !inside;
            }
            else if (!inside && quoted[i] == '\\')
            {
                text.Append(quoted[++i]);
            }
            else
            {
                Assert.True(inside || char.IsAsciiLetterOrDigit(quoted[i]) || "_-./:=,@+%".Contains(quoted[i], StringComparison.Ordinal));
                text.Append(quoted[i]);
            }
        }

        Assert.False(inside);
        return text.ToString();
    }
}
