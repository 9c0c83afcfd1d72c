import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from chedai.staff.isolation import EnableIsolation

# Read before the organisation is known: digests only, never what a proposal says.
IN_DIRECTORY = ('ProposalSeal', 'ProposalLink')
ISOLATED = (
    'ProposalCounter',
    'Proposal',
    'ProposalPrint',
    'ProposalLinkRevocation',
    'ProposalLinkOpening',
)
# What a customer was shown is evidence; it is never changed.
KEPT = ('proposal', 'proposalseal', 'proposalprint', 'proposallink', 'proposallinkrevocation')
REFUSE_CHANGE = """
    CREATE FUNCTION planning_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is evidence and cannot be changed', TG_TABLE_NAME;
    END $$
"""
ALLOW_CHANGE = 'DROP FUNCTION planning_refuse_change() CASCADE'
GUARD = """
    CREATE TRIGGER kept BEFORE UPDATE ON planning_{table}
    FOR EACH ROW EXECUTE FUNCTION planning_refuse_change()
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('deals', '0001_initial'),
        ('staff', '0002_isolate_sign_in'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProposalCounter',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='staff.organisation')),
                ('latest', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=16, verbose_name='方案编号')),
                ('need_version', models.PositiveIntegerField()),
                ('inputs', models.JSONField()),
                ('sheet', models.JSONField()),
                ('form_key', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='deals.deal')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.organisation')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.store')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.organisation')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='planning.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalLinkOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('page', '看了页面'), ('pdf', '下载了 PDF')], max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='planning.proposallink')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalLinkRevocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revoked_at', models.DateTimeField()),
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='planning.proposallink')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.organisation')),
                ('revoked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ProposalPrint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf_compressed', models.BinaryField()),
                ('pdf_digest', models.CharField(max_length=64)),
                ('layout_digest', models.CharField(max_length=64)),
                ('font_digest', models.CharField(max_length=64)),
                ('typesetter', models.CharField(max_length=40)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.organisation')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='printed', to='planning.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='ProposalSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet_digest', models.CharField(max_length=64)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='staff.organisation')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='planning.proposal')),
            ],
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['deal', '-created_at'], name='proposal_by_deal'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('organisation', 'number'), name='proposal_number_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('organisation', 'form_key'), name='proposal_form_once'),
        ),
        migrations.AddConstraint(
            model_name='proposallink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='proposal_link_lives'),
        ),
        migrations.AddIndex(
            model_name='proposallinkopening',
            index=models.Index(fields=['link', '-opened_at'], name='proposal_opening_latest'),
        ),
        migrations.AddConstraint(
            model_name='proposallinkopening',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['page', 'pdf'])), name='proposal_opening_kind_known'),
        ),
        migrations.AddIndex(
            model_name='proposalseal',
            index=models.Index(fields=['sheet_digest'], name='proposal_by_code', opclasses=['varchar_pattern_ops']),
        ),
        *(EnableIsolation(name) for name in ISOLATED),
        *(EnableIsolation(name, is_in_directory=True) for name in IN_DIRECTORY),
        migrations.RunSQL(REFUSE_CHANGE, ALLOW_CHANGE),
        *(migrations.RunSQL(GUARD.format(table=table), migrations.RunSQL.noop) for table in KEPT),
    ]
