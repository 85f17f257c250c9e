using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Forms;


namespace CalicoConsole.Web.Tests.Forms;

/// <summary>What a form knows of its fields.</summary>
public sealed class FormContextTests
{
    /// <summary>Two fields of one name would draw each other anew without end, if each taking-in were news.</summary>
    [Fact]
    public void Register_TwoLabelsOfOneField_IsNewsOnce()
    {
        var form = new FormContext();
        var news = 0;
        form.Changed += () => news++;

        for (var i = 0; i < 3; i++)
        {
            form.Register("agree", "Agree here");
            form.Register("agree", "Agree there");
        }

        Assert.Equal(1, news);
    }
}
